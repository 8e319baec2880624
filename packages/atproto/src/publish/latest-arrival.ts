/** A request without an answer may still be on its way: so long after it was sent, in ms, the host may get it at the latest. */
export const latestArrival = 600_000

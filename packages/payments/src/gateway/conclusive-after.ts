/**
 * How long after a command was sent its absence at the gateway is certain, in milliseconds: longer than any network or
 * gateway holds a request back. Until then `lookup` says that it does not know.
 */
export const conclusiveAfter = 600_000

/** Whether a command that the gateway does not know can still arrive there. */
export function isConclusive(sentAt: Date, now: number): boolean {
  return now - sentAt.getTime() >= conclusiveAfter
}

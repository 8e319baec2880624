/** So many equally likely values stand for a distribution: drawing one is a look into a table, the same in every kernel. */
const chanceCount = 4_096

/** Distributed exponentially with a mean of 1. */
export const exponentials = Float64Array.from(
  { length: chanceCount },
  (_, at) => -Math.log(1 - (at + 0.5) / chanceCount),
)

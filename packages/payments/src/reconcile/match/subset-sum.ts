/**
 * The subsets of at least two values whose sum is the target, at most two of them: whoever needs one must know that there is
 * no other. Depth first with bounds on what is left; values are sorted so that equal ones are tried once at each place.
 */
export function subsetsWithSum(values: readonly bigint[], target: bigint): readonly (readonly number[])[] {
  const order = values
    .map((_, at) => at)
    .toSorted((a, b) => (values[a]! < values[b]! ? 1 : values[a]! > values[b]! ? -1 : a - b))
  const sorted = order.map((at) => values[at]!)
  const most: bigint[] = [0n]
  const least: bigint[] = [0n]
  for (const value of sorted.toReversed()) {
    most.unshift(most[0]! + (value > 0n ? value : 0n))
    least.unshift(least[0]! + (value < 0n ? value : 0n))
  }
  const found: number[][] = []
  const chosen: number[] = []
  let steps = 0
  const visit = (at: number, left: bigint): void => {
    if (left === 0n && chosen.length >= 2) found.push(chosen.map((each) => order[each]!))
    if (at === sorted.length || found.length >= 2 || ++steps > mostSteps) return
    for (let next = at; next < sorted.length && found.length < 2; next++) {
      if (left > most[next]! || left < least[next]!) return
      chosen.push(next)
      visit(next + 1, left - sorted[next]!)
      chosen.pop()
    }
  }
  visit(0, target)
  // What could not be searched through may have another solution.
  return steps > mostSteps ? found.concat([[]]).slice(0, 2) : found
}

const mostSteps = 2_000_000

/** Whether no number of a list is below the least or above the most. Without a branch per number, for lists of millions. */
export function intsAreWithin(list: Int32Array, least: number, most: number): boolean {
  if (most - least >= 2 ** 31) return widelyWithin(list, least, most)
  const width = (most - least) | 0
  let beyond = 0
  for (let index = 0; index < list.length; index++) {
    const value = (list[index]! - least) | 0
    // Only of a number within the bounds neither what it is above the least nor what is left to the most has a sign.
    beyond |= value | ((width - value) | 0)
  }
  return beyond >= 0
}

/** Of bounds farther apart than a number with a sign can tell. */
function widelyWithin(list: Int32Array, least: number, most: number): boolean {
  let isWithin = true
  for (let index = 0; index < list.length; index++) isWithin &&= list[index]! >= least && list[index]! <= most
  return isWithin
}

/**
 * How alike two names are, 0 to 1: Jaro and Winkler over their words in order of the alphabet, so that `Meyer, Anna` is
 * `Anna Meyer`.
 */
export function similarity(left: string, right: string): number {
  return jaroWinkler(sortedWords(left), sortedWords(right))
}

function sortedWords(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).toSorted().join(' ')
}

function jaroWinkler(left: string, right: string): number {
  if (left === '' || right === '') return 0
  if (left === right) return 1
  const reach = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1)
  const used = new Uint8Array(right.length)
  const matched: string[] = []
  for (let at = 0; at < left.length; at++) {
    const end = Math.min(right.length - 1, at + reach)
    for (let other = Math.max(0, at - reach); other <= end; other++)
      if (used[other] === 0 && left[at] === right[other]) {
        used[other] = 1
        matched.push(left[at]!)
        break
      }
  }
  if (matched.length === 0) return 0
  const others = right.split('').filter((_, at) => used[at] === 1)
  const swaps = matched.filter((letter, at) => letter !== others[at]).length / 2
  const count = matched.length
  const jaro = (count / left.length + count / right.length + (count - swaps) / count) / 3
  let prefix = 0
  while (prefix < 4 && left[prefix] === right[prefix]) prefix++
  return jaro + prefix * 0.1 * (1 - jaro)
}

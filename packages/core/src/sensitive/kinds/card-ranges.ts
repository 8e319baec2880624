/** First digits, as a range of numbers of that many digits, and the lengths that the network issues. */
interface CardRange {
  readonly from: number
  readonly to: number
  readonly lengths: readonly number[]
}

/** Issuer identification numbers of the large networks (ISO/IEC 7812-1), as their public documentation gives them. */
const ranges: readonly CardRange[] = [
  { from: 4, to: 4, lengths: [13, 16, 19] }, // Visa
  { from: 51, to: 55, lengths: [16] }, // Mastercard
  { from: 2221, to: 2720, lengths: [16] }, // Mastercard
  { from: 34, to: 34, lengths: [15] }, // American Express
  { from: 37, to: 37, lengths: [15] }, // American Express
  { from: 6011, to: 6011, lengths: [16, 17, 18, 19] }, // Discover
  { from: 644, to: 659, lengths: [16, 17, 18, 19] }, // Discover
  { from: 3528, to: 3589, lengths: [16, 17, 18, 19] }, // JCB
  { from: 300, to: 305, lengths: [14, 16, 17, 18, 19] }, // Diners Club
  { from: 36, to: 36, lengths: [14, 15, 16, 17, 18, 19] }, // Diners Club
  { from: 38, to: 39, lengths: [14, 16, 17, 18, 19] }, // Diners Club
  { from: 62, to: 62, lengths: [16, 17, 18, 19] }, // UnionPay
  { from: 2200, to: 2204, lengths: [16, 17, 18, 19] }, // Mir
  ...[5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763].map((iin) => ({
    from: iin,
    to: iin,
    lengths: [12, 13, 14, 15, 16, 17, 18, 19], // Maestro
  })),
]

/** Whether a network issues numbers that begin like this, in this length. */
export function isIssued(digits: string): boolean {
  return ranges.some(({ from, to, lengths }) => {
    const start = Number(digits.slice(0, String(from).length))
    return start >= from && start <= to && lengths.includes(digits.length)
  })
}

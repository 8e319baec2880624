const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const values = new Int8Array(128).fill(-1)
for (let index = 0; index < alphabet.length; index++) values[alphabet.charCodeAt(index)] = index

/** Conversion takes quadratic time, so its input is short: nothing in the protocol that is base58 is longer than a key. */
const longestBase58 = 256

/** base58 with the alphabet of Bitcoin. */
export function toBase58(bytes: Uint8Array): string {
  const digits: number[] = []
  for (const byte of bytes) {
    let carry = byte
    for (let index = 0; index < digits.length; index++) {
      carry += digits[index]! * 256
      digits[index] = carry % 58
      carry = Math.floor(carry / 58)
    }
    for (; carry > 0; carry = Math.floor(carry / 58)) digits.push(carry % 58)
  }
  const zeros = leading(bytes, (byte) => byte === 0)
  return '1'.repeat(zeros) + digits.reduceRight((text, digit) => text + alphabet[digit], '')
}

/** The bytes of base58 text; undefined when a character is foreign or the text too long. */
export function fromBase58(text: string): Uint8Array | undefined {
  if (text.length > longestBase58) return undefined
  const bytes: number[] = []
  for (let position = 0; position < text.length; position++) {
    let carry = values[text.charCodeAt(position)] ?? -1
    if (carry < 0) return undefined
    for (let index = 0; index < bytes.length; index++) {
      carry += bytes[index]! * 58
      bytes[index] = carry & 255
      carry >>>= 8
    }
    for (; carry > 0; carry >>>= 8) bytes.push(carry & 255)
  }
  const zeros = leading(text, (character) => character === '1')
  return Uint8Array.from([...Array<number>(zeros).fill(0), ...bytes.reverse()])
}

function leading<Item>(items: ArrayLike<Item>, matches: (item: Item) => boolean): number {
  let count = 0
  while (count < items.length && matches(items[count]!)) count++
  return count
}

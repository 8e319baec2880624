import { hash } from 'node:crypto'
import { rowEnd } from './copy-text.ts'

/** A digest of rows that does not depend on their order: two sets of rows with equal ones have the same digest. */
export interface RowDigest {
  /** Takes COPY text, cut anywhere. */
  push(text: Uint8Array): void
  /** Takes the rows of another one, too. */
  add(other: RowDigest): void
  readonly words: Readonly<Uint32Array>
  value(): string
}

/** The sum of each row's hash, word by word. Against accident, not against somebody who makes rows for it. */
export function rowDigest(): RowDigest {
  const words = new Uint32Array(5)
  let carry: Buffer | undefined
  const pushRow = (row: Uint8Array): void => {
    const digest = hash('md5', row, 'buffer')
    for (let word = 0; word < 4; word++) words[word] = words[word]! + digest.readUInt32LE(word * 4)
    words[4] = words[4]! + 1
  }
  return {
    words,
    push(text) {
      const buffer = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
      for (let from = 0; from < buffer.length;) {
        const end = buffer.indexOf(rowEnd, from)
        if (end === -1) {
          carry = Buffer.concat([carry ?? Buffer.alloc(0), buffer.subarray(from)])
          return
        }
        const row = buffer.subarray(from, end + 1)
        pushRow(carry === undefined ? row : Buffer.concat([carry, row]))
        carry = undefined
        from = end + 1
      }
    },
    add(other) {
      for (const [index, word] of other.words.entries()) words[index] = words[index]! + word
    },
    value: () => words.join('-'),
  }
}

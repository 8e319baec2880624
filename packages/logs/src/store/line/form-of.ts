import type { ScannedForm } from './scan-object.ts'

/** The form of lines between whose values these pieces stand. @param texts 1 for each value that is a string, 0 for others */
export function formOf(pieces: readonly Uint8Array[], texts: Uint8Array): ScannedForm {
  const offsets = new Uint32Array(pieces.length + 1)
  for (const [index, { length }] of pieces.entries()) offsets[index + 1] = offsets[index]! + length
  const bytes = new Uint8Array(Buffer.concat(pieces))
  return { pieces: bytes, offsets, texts, isWide: bytes.some((byte) => byte > 0x7f) }
}

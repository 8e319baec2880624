/** The same memory as a view, which reads four bytes at once, wherever they begin. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/** The same memory as bytes. */
export function bytesOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Up to three bytes from `at` to `end` as a word of four, the lowest first; what is not there is 0. */
export function partWord(view: DataView, at: number, end: number): number {
  if (at + 4 <= view.byteLength) return view.getInt32(at, true) & ((1 << ((end - at) << 3)) - 1)
  let word = 0
  for (let next = at, shift = 0; next < end; next++, shift += 8) word |= view.getUint8(next) << shift
  return word
}

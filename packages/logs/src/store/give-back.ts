/**
 * Gives memory back without waiting until it is collected, unless others have a share in it: what was in it has no length
 * afterwards. V8 counts memory outside its heap, and looks at the whole heap as soon as a tenth as much has been taken.
 */
export function giveBack({ buffer, byteLength }: ArrayBufferView): void {
  // One byte more is what `unpack` has too much.
  if (byteLength > 0 && buffer.byteLength <= byteLength + 1) (buffer as ArrayBuffer).transfer(0)
}

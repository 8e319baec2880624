/** Regroups chunks into parts of exactly `size` bytes, the last one shorter. Each part has memory of its own. */
export async function* partsOf(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array, undefined, void> {
  let part: Uint8Array | undefined
  let filled = 0
  for await (const chunk of chunks)
    for (let position = 0; position < chunk.length;) {
      part ??= new Uint8Array(Math.min(size, Math.max(chunk.length - position, smallestPart)))
      if (filled === part.length) part = grown(part, size)
      const taken = chunk.subarray(position, position + part.length - filled)
      part.set(taken, filled)
      filled += taken.length
      position += taken.length
      if (filled === size) {
        yield part
        part = undefined
        filled = 0
      }
    }
  if (part !== undefined) yield part.subarray(0, filled)
  return undefined
}

const smallestPart = 64 * 1_024

function grown(part: Uint8Array, size: number): Uint8Array {
  const larger = new Uint8Array(Math.min(size, part.length * 2))
  larger.set(part)
  return larger
}

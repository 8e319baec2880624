/** An input, and the blocks of code that it reaches. */
export interface CoveringInput {
  readonly bytes: Uint8Array
  readonly blocks: readonly string[]
}

/** Few inputs that together reach every block that all reach: the smallest first, each only if it adds something. */
export function minimiseCorpus(inputs: readonly CoveringInput[]): Uint8Array[] {
  const reached = new Set<string>()
  const kept: Uint8Array[] = []
  for (const { bytes, blocks } of [...inputs].sort((a, b) => a.bytes.length - b.bytes.length)) {
    if (blocks.every((block) => reached.has(block))) continue
    kept.push(bytes)
    for (const block of blocks) reached.add(block)
  }
  return kept
}

/**
 * Cutting files into chunks: where content says so, as restic does, or page by page.
 *
 * @packageDocumentation
 */
export type { Chunker, ChunkSizes } from './chunker.ts'
export { fixedChunker } from './fixed-chunker.ts'
export { gearChunker, type GearChunkerOptions } from './gear-chunker.ts'
export { looksIncompressible } from './looks-incompressible.ts'
export { rabinChunker, type RabinChunkerOptions } from './rabin-chunker.ts'

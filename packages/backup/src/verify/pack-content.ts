import { ExprsnError } from '@exprsn/core'
import type { PackedBlob } from '../repository/index.ts'
import type { MasterKey } from '../repository/key/master-key.ts'
import { Scratch } from '../repository/object/scratch.ts'
import { sha256 } from '../repository/object/load-verified.ts'
import { openBlob } from '../repository/pack/open-blob.ts'
import { readPackHeader } from '../repository/pack/read-pack-header.ts'
import { compareHeader, packProblem, problemOf, type ExpectedPack } from './expected-pack.ts'
import type { RepositoryProblem } from './problem.ts'

/** What the bytes of a whole pack turned out to be. */
export interface PackContent {
  /** Whether they have the hash in the pack's name. */
  readonly isIntact: boolean
  readonly problems: readonly RepositoryProblem[]
}

/** Checks the bytes of a pack: their hash, the header, and every blob's authenticator, decompression and hash. */
export async function checkPackContent(
  key: MasterKey,
  { id, blobs }: ExpectedPack,
  bytes: Uint8Array,
): Promise<PackContent> {
  const isIntact = sha256(bytes) === id
  const problems: RepositoryProblem[] = []
  const scratch = new Scratch()
  if (!isIntact) problems.push(packProblem('pack-damaged', id, 'its content does not have the hash in its name'))
  for (const blob of blobs) {
    const problem = problemOfBlob(key, id, blob, bytes, scratch)
    if (problem !== undefined) problems.push(problem)
  }
  const read = async (start: number, end: number): Promise<Uint8Array> => bytes.subarray(start, end)
  try {
    problems.push(...compareHeader(id, await readPackHeader(id, bytes.length, key, read), blobs))
  } catch (error) {
    problems.push(problemOf(id, error))
  }
  return { isIntact, problems }
}

function problemOfBlob(
  key: MasterKey,
  pack: string,
  blob: PackedBlob,
  bytes: Uint8Array,
  scratch: Scratch,
): RepositoryProblem | undefined {
  try {
    openBlob(key, blob, bytes.subarray(blob.offset, blob.offset + blob.length), { pack, scratch })
    return undefined
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    return { kind: 'blob-damaged', object: `${blob.type} ${blob.id}`, reason: error.message }
  }
}

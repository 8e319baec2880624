import { ExprsnError } from '@exprsn/core'
import type { ContentId } from '../repository/index.ts'
import { fewAtOnce } from '../repository/object/few-at-once.ts'
import { loadVerified } from '../repository/object/load-verified.ts'
import type { RepositoryStore } from '../repository/object/repository-store.ts'

/** An object named by its content. */
export interface NamedObject {
  readonly key: string
  readonly id: ContentId
}

/** Options of {@link copyObjects}. */
export interface CopyObjectsOptions {
  readonly parallel: number
  readonly onCopied?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** What {@link copyObjects} did. */
export interface CopiedObjects {
  readonly copied: number
  readonly bytes: number
  /** Keys that the source does not hold, or holds damaged: they were not copied. */
  readonly unreadable: readonly string[]
}

/** Copies objects as they are; what arrives is compared with the hash in its name before it is handed on. */
export async function copyObjects(
  from: RepositoryStore,
  to: RepositoryStore,
  objects: readonly NamedObject[],
  { parallel, onCopied, signal }: CopyObjectsOptions,
): Promise<CopiedObjects> {
  const unreadable: string[] = []
  let copied = 0
  let bytes = 0
  await fewAtOnce(objects, parallel, async (object) => {
    signal?.throwIfAborted()
    const content = await readable(from, object, signal)
    if (content === undefined) {
      unreadable.push(object.key)
      return
    }
    await to.put(object.key, content, { sha256: object.id, signal })
    copied++
    bytes += content.length
    onCopied?.(content.length)
  })
  return { copied, bytes, unreadable }
}

/** The content of an object; undefined when the store does not hold it, or holds it damaged. */
export async function readable(
  from: RepositoryStore,
  { key, id }: NamedObject,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  try {
    return await loadVerified(from, key, id, signal)
  } catch (error) {
    if (ExprsnError.is(error) && (error.code === 'BACKUP_OBJECT_CORRUPT' || error.code === 'BACKUP_OBJECT_MISSING'))
      return undefined
    throw error
  }
}

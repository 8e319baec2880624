import type { Random } from '@exprsn/core'
import { decompress } from '@exprsn/core/bytes'
import type { ContentId } from '../blob.ts'
import { repositoryErrors } from '../errors.ts'
import type { MasterKey } from '../key/master-key.ts'
import { compress, defaultCompression } from './compression.ts'
import { loadVerified, sha256 } from './load-verified.ts'
import type { RepositoryStore } from './repository-store.ts'
import { openSealed, sealPlain } from '../../seal/index.ts'

/** The kinds of sealed objects that are named by their content. */
export type SealedKind = 'index' | 'snapshots' | 'locks'

/** What {@link sealedObjects} needs of a repository. */
export interface SealedObjectsOptions {
  readonly store: RepositoryStore
  readonly key: MasterKey
  readonly version: 1 | 2
  readonly random: Random
}

/** An object that is sealed and named, but not stored. */
export interface SealedObject {
  readonly id: ContentId
  readonly bytes: Uint8Array
}

/** JSON objects beside the packs: index, snapshots, locks. */
export interface SealedObjects {
  save(kind: SealedKind, plain: Uint8Array, signal?: AbortSignal): Promise<ContentId>
  /** What {@link save} would store, and under which name. */
  seal(plain: Uint8Array): SealedObject
  /** Stores what was sealed. */
  put(kind: SealedKind, object: SealedObject, signal?: AbortSignal): Promise<void>
  /** Throws `BACKUP_OBJECT_MISSING` or `BACKUP_OBJECT_CORRUPT`: what it returns is what was saved. */
  load(kind: SealedKind, id: ContentId, signal?: AbortSignal): Promise<Uint8Array>
}

const versionByte = 2
/** JSON of an index with 50,000 blobs is 8 MB. */
const largestPlain = 2 ** 30

/** Seals and opens them; format 2 compresses index and snapshots and marks that with a leading 2. */
export function sealedObjects({ store, key, version, random }: SealedObjectsOptions): SealedObjects {
  const seal = (plain: Uint8Array): SealedObject => {
    const content = version === 2 ? Buffer.concat([Buffer.of(versionByte), compress(plain, defaultCompression)]) : plain
    const bytes = sealPlain(key, content, random)
    return { id: sha256(bytes), bytes }
  }
  const put = async (kind: SealedKind, { id, bytes }: SealedObject, signal?: AbortSignal): Promise<void> => {
    await store.put(`${kind}/${id}`, bytes, { sha256: id, signal })
  }

  return {
    seal,
    put,
    async save(kind, plain, signal) {
      const sealed = seal(plain)
      await put(kind, sealed, signal)
      return sealed.id
    },

    async load(kind, id, signal) {
      const name = `${kind}/${id}`
      const sealed = await loadVerified(store, name, id, signal)
      const content = openSealed(key, sealed)
      const corrupt = (reason: string) => repositoryErrors.BACKUP_OBJECT_CORRUPT({ key: name, reason })
      if (content === undefined) throw corrupt('its authenticator does not match')
      const first = content[0]
      if (version === 1 || first === 0x5b || first === 0x7b) return content
      if (first !== versionByte) throw corrupt(`it begins with ${first ?? 'nothing'}`)
      try {
        return decompress(content.subarray(1), { limit: largestPlain, format: 'zstd' })
      } catch {
        throw corrupt('it cannot be decompressed')
      }
    },
  }
}

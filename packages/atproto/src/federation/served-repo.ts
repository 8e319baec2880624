import type { CarBlock, Cid, DataObject } from '../codec/index.ts'
import type { SigningKey } from '../crypto/index.ts'

/** Whether an account is served: `active` is, the others are named with the reason why not. */
export type ServedStatus = 'active' | 'deactivated' | 'takendown' | 'suspended' | 'deleted'

/** What the host gives as a repository. */
export interface HostRepo {
  /** Signs it: the key in the document of its DID. */
  readonly key: SigningKey
  /** Records by path; `$type` is that of their collection. */
  readonly records: Readonly<Record<string, DataObject>>
  /** Announced on the event stream when it changes. @default none is named */
  readonly handle?: string | undefined
  /** What is not `active` is not served; announced on the event stream when it changes. @default 'active' */
  readonly status?: Exclude<ServedStatus, 'deleted'> | undefined
}

/** A record with what is made of it. */
export interface EncodedRecord {
  readonly value: DataObject
  readonly cid: Cid
  readonly bytes: Uint8Array
}

/** A repository of the host as it is now: its records and the tree over them. */
export interface EncodedRepo {
  readonly records: ReadonlyMap<string, EncodedRecord>
  readonly root: Cid
  readonly nodes: readonly CarBlock[]
}

import type { AssembledPack, ContentId, PackSettings } from '../../repository/index.ts'

/** What a walk in another thread is told to do. */
export interface WalkOrder {
  readonly paths: readonly string[]
  readonly exclude: readonly string[]
  readonly chunker: 'gear' | 'rabin'
  readonly threads: number
  readonly withPosix: boolean
  /** Nanoseconds since 1970. */
  readonly startedAt: bigint
  /** Names the cache of what is found; undefined: there is none. */
  readonly variant: string | undefined
}

/** What a walk in another thread asks the one that has the repository, with what it is answered. */
export interface WalkCalls {
  session(): { readonly parentTree: ContentId | undefined; readonly settings: PackSettings }
  known(): SharedArrayBuffer
  saveTree(content: Uint8Array): ContentId
  savePack(pack: AssembledPack): ArrayBuffer
  bytes(count: number): void
  warn(problem: { readonly error: unknown; readonly message: string }): void
}

/** One question. */
export interface WalkCall<Name extends keyof WalkCalls = keyof WalkCalls> {
  readonly id: number
  readonly name: Name
  readonly data: Parameters<WalkCalls[Name]>[0]
}

/** Its answer. A question that cannot be answered ends the walk, so there is none for that. */
export interface WalkAnswer {
  readonly id: number
  readonly value: unknown
}

import type { DataObject } from '../codec/index.ts'

/** What every message of a stream has. */
export interface MessageBase {
  /** Its number in the stream. */
  readonly seq: number
  readonly did: string
  /** When the host sent it, as ISO text; '' when it does not say. */
  readonly time: string
}

/** A message of a stream, read as far as is needed to know whose it is. */
export type SourceMessage =
  | (MessageBase & { readonly kind: 'commit'; readonly body: DataObject })
  | (MessageBase & { readonly kind: 'sync'; readonly rev: string; readonly blocks: Uint8Array })
  | (MessageBase & { readonly kind: 'identity'; readonly handle: string | undefined })
  | (MessageBase & { readonly kind: 'account'; readonly active: boolean; readonly status: string })
  | (MessageBase & {
      /** One record, from a source that gives no proofs. */
      readonly kind: 'record'
      readonly rev: string
      readonly path: string
      /** undefined after a deletion. */
      readonly record: { readonly cid: string; readonly value: DataObject } | undefined
      readonly live: boolean
      /**
       * Whether numbers say nothing about the order of a repository's records: then only its revision says what is old, and
       * what is known that nothing changed. For sources that send again what was not acknowledged. @default false
       */
      readonly unordered?: boolean | undefined
    })

/** What a source gives, in order. */
export type SourceItem =
  /** The connection stands. */
  | { readonly kind: 'open' }
  | {
      readonly kind: 'message'
      readonly message: SourceMessage
      /** Bytes it takes until it is applied. */
      readonly size: number
    }
  /** A message that cannot be read, nor said whose it is. */
  | { readonly kind: 'damaged'; readonly error: unknown }
  /** Messages between the cursor and the next one are no longer kept. */
  | { readonly kind: 'outdated' }
  /** The host counts anew: the cursor means nothing to it. */
  | { readonly kind: 'reset' }

/** A repository as its host lists it. */
export interface ListedRepo {
  readonly did: string
  readonly rev: string
  readonly active: boolean
}

/** Options of {@link SyncSource.open}. */
export interface OpenSourceOptions {
  /** The last message that was taken; without one only new ones come. */
  readonly cursor: number | undefined
  /** Ends the connection. */
  readonly signal: AbortSignal
}

/** Where repositories come from. Make one with `firehoseSource` or `carSource`, or write your own. */
export interface SyncSource {
  /** Under which the cursor is kept: the same for the same stream. */
  readonly name: string
  /** Whether the stream ends by itself once everything was given. @default false */
  readonly finite?: boolean | undefined
  /** Reads the stream until it breaks or the signal ends it. */
  open(options: OpenSourceOptions): AsyncIterable<SourceItem>
  /**
   * Whether `listRepos` leaves none out: one that is known and not listed is then fetched, as its deletion may have been missed.
   * @default false
   */
  readonly listsAll?: boolean | undefined
  /** The repositories of the host; not there when it cannot say. */
  listRepos?(options: { readonly signal: AbortSignal }): AsyncIterable<ListedRepo>
  /**
   * The CAR of a repository; not there when the source has none.
   *
   * @throws `ATPROTO_SYNC_REPO_UNAVAILABLE`
   */
  fetchRepo?(did: string, options: { readonly signal: AbortSignal }): Promise<Uint8Array>
  /** Told after a message was applied, for sources that keep what was not. */
  acknowledge?(seq: number): void
}

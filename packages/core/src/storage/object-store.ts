/** What a store knows about an object. */
export interface ObjectInfo {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Changes whenever the content does; pass it back as `ifMatch`. */
  readonly etag: string
  readonly modifiedAt: Date
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly contentType?: string | undefined
  /** Until when nobody can destroy this content, where the store has locks. Returned by `get` and `head`, not by `list`. */
  readonly lockedUntil?: Date | undefined
}

/**
 * An object with its content. The content is read once: as a stream, or in one piece. It is the content of this very
 * version, also when the object is replaced meanwhile.
 */
export interface StoredObject extends ObjectInfo {
  readonly body: AsyncIterable<Uint8Array>
  /** The whole content (or range) in memory. */
  bytes(): Promise<Uint8Array>
  /** Gives up a content that nobody has begun to read: closes the file or connection behind it. */
  discard(): Promise<void>
}

/** Every operation can be given up. */
export interface StoreOptions {
  /** Ends the operation. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link ObjectStore.put}. */
export interface PutOptions extends StoreOptions {
  /** `'*'`: only when no object has this key, else `CORE_STORAGE_CONFLICT`. */
  readonly ifNoneMatch?: '*' | undefined
  /** Only when the object still has this etag, else `CORE_STORAGE_CONFLICT`. */
  readonly ifMatch?: string | undefined
  /**
   * Names of lower-case letters, digits, `-`, `_` and `.`; values of any text; 2,048 bytes in all. Returned by `get` and
   * `head`, not by `list`.
   */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Media type, printable ASCII. Returned by `get` and `head`, not by `list`. */
  readonly contentType?: string | undefined
  /**
   * SHA-256 of the content in lower-case hexadecimal, when the caller knows it: a content that arrives damaged is refused
   * with `CORE_STORAGE_CHECKSUM` and nothing is stored.
   */
  readonly sha256?: string | undefined
  /**
   * Nobody, the owner of the credentials included, can destroy this content before then. `CORE_STORAGE_LOCK_UNSUPPORTED`
   * where the store has no locks: those have no `extendLock` either. @default what the store does by itself
   */
  readonly lockedUntil?: Date | undefined
}

/** Options of {@link ObjectStore.get}. */
export interface GetOptions extends StoreOptions {
  /**
   * Bytes from `start` (included) to `end` (excluded; the object's end when left out or beyond it). A start at or after
   * the end of the object is `CORE_STORAGE_RANGE_INVALID`, also for an empty object.
   */
  readonly range?: { readonly start: number; readonly end?: number | undefined } | undefined
}

/** Options of {@link ObjectStore.list}. */
export interface ListOptions extends StoreOptions {
  /** Only keys that start with this. @default '' */
  readonly prefix?: string | undefined
  /** Only keys that sort after this one (UTF-8 byte order). */
  readonly after?: string | undefined
}

/** One of the versions that a store keeps of an object, or a mark that it was deleted. */
export interface ObjectVersion extends ObjectInfo {
  /** Names the version; `null` is the name of those that were stored while the store kept none. */
  readonly versionId: string
  /** Whether it is the newest of its key: what `get` gives, or why it gives nothing. */
  readonly isLatest: boolean
  /** Whether it marks that the object was deleted then. It has no content, size 0 and an empty etag. */
  readonly isDeleted: boolean
}

/** The past of a store that keeps what is replaced and deleted. */
export interface ObjectVersions {
  /** Whether what is replaced or deleted from now on is kept. */
  areKept(options?: StoreOptions): Promise<boolean>
  /**
   * All versions: ascending by the UTF-8 bytes of the key, those of a key newest first. No more of a snapshot than
   * {@link ObjectStore.list}, with the facts that it tells.
   */
  list(options?: ListOptions): AsyncIterable<ObjectVersion>
  /** Throws `CORE_STORAGE_NOT_FOUND` when there is no such version, or it is the mark of a deletion. */
  get(key: string, versionId: string, options?: GetOptions): Promise<StoredObject>
}

/**
 * Named immutable-ish bytes: the narrow waist that folders, memory and S3 share. A put is atomic: a reader sees the old
 * object or the new one, never a part, and once the promise resolves the object is durable. Keys are 1 to 1,024 bytes
 * of UTF-8 without control characters, parts separated by `/`; a part may not be empty, `.` or `..`.
 */
export interface ObjectStore {
  /**
   * Stores an object, replacing one of the same key unless a condition forbids it. Streams are uploaded in parts. The memory of
   * `body` is the caller's again when the promise has settled.
   */
  put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<ObjectInfo>
  /** Throws `CORE_STORAGE_NOT_FOUND` when there is no such object. Read the body or discard it. */
  get(key: string, options?: GetOptions): Promise<StoredObject>
  /** Undefined when there is no such object. */
  head(key: string, options?: StoreOptions): Promise<ObjectInfo | undefined>
  /**
   * Ascending by the UTF-8 bytes of the key. Not a snapshot: what is put or deleted meanwhile may be there or not.
   * Things that are stored under something that is no valid key (a folder marker `a/`) are left out.
   */
  list(options?: ListOptions): AsyncIterable<ObjectInfo>
  /** Removes an object; one that is not there is no error. */
  delete(key: string, options?: StoreOptions): Promise<void>
  /**
   * Locks the content of an object for longer; missing in stores without locks. An earlier date than that of its lock is
   * refused by the service. In such a store `delete` hides a locked object and destroys nothing.
   */
  extendLock?(key: string, until: Date, options?: StoreOptions): Promise<void>
  /** Missing in stores that never keep versions. Where it is there, ask {@link ObjectVersions.areKept}. */
  readonly versions?: ObjectVersions | undefined
}

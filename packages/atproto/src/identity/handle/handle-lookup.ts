/** What one way of resolving a handle found. `ttl` is in milliseconds: how long it may be kept. */
export type LookupOutcome =
  /** It leads to one account. */
  | { readonly outcome: 'found'; readonly did: string; readonly ttl: number }
  /** The way leads nowhere: no record, no such name, no such page. */
  | { readonly outcome: 'absent'; readonly ttl: number }
  /** It leads to several accounts, which is as good as to none. */
  | { readonly outcome: 'ambiguous'; readonly dids: readonly string[]; readonly ttl: number }
  /** What it leads to is no DID. */
  | { readonly outcome: 'invalid'; readonly value: string; readonly ttl: number }
  /** It could not be asked; nobody knows. */
  | { readonly outcome: 'failed'; readonly error: Error }
  /** It was not asked, or its answer was not waited for. */
  | { readonly outcome: 'skipped' }

/** One way of resolving a handle. It rejects only with the reason of its signal. */
export type HandleLookup = (
  handle: string,
  options: { readonly signal?: AbortSignal | undefined },
) => Promise<LookupOutcome>

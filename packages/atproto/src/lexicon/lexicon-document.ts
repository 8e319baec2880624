/** A lexicon: the schemas of one NSID, as they stand in its JSON document. */
export interface LexiconDocument {
  readonly lexicon: 1
  readonly id: string
  readonly revision?: number | undefined
  readonly description?: string | undefined
  readonly defs: Readonly<Record<string, LexiconDefinition>>
}

/** What a definition can be. */
export type LexiconDefinition =
  | LexiconRecord
  | LexiconQuery
  | LexiconProcedure
  | LexiconSubscription
  | LexiconSchema
  | { readonly type: 'token'; readonly description?: string | undefined }
  | { readonly type: 'permission-set'; readonly [field: string]: unknown }

/** A kind of record: what stands in repositories. */
export interface LexiconRecord {
  readonly type: 'record'
  readonly description?: string | undefined
  /** `tid`, `nsid`, `any`, or `literal:` and the one key. */
  readonly key?: string | undefined
  readonly record: LexiconObject
}

/** A request that reads. */
export interface LexiconQuery {
  readonly type: 'query'
  readonly description?: string | undefined
  readonly parameters?: LexiconParameters | undefined
  readonly output?: LexiconBody | undefined
}

/** A request that changes something. */
export interface LexiconProcedure extends Omit<LexiconQuery, 'type'> {
  readonly type: 'procedure'
  readonly input?: LexiconBody | undefined
}

/** A stream of events. */
export interface LexiconSubscription {
  readonly type: 'subscription'
  readonly description?: string | undefined
  readonly parameters?: LexiconParameters | undefined
  readonly message?: { readonly schema?: LexiconSchema | undefined } | undefined
}

/** Parameters of a request. */
export interface LexiconParameters {
  readonly type: 'params'
  readonly required?: readonly string[] | undefined
  readonly properties?: Readonly<Record<string, LexiconSchema>> | undefined
}

/** The body of a request or an answer. */
export interface LexiconBody {
  readonly encoding: string
  readonly schema?: LexiconSchema | undefined
}

/** What a value can be. */
export type LexiconSchema =
  | LexiconObject
  | LexiconArray
  | LexiconString
  | LexiconInteger
  | LexiconUnion
  | { readonly type: 'boolean'; readonly const?: boolean | undefined; readonly description?: string | undefined }
  | LexiconBytes
  | LexiconBlob
  | { readonly type: 'ref'; readonly ref: string; readonly description?: string | undefined }
  | { readonly type: 'cid-link' | 'unknown' | 'null'; readonly description?: string | undefined }

/** Fields by name. Others than these are allowed. */
export interface LexiconObject {
  readonly type: 'object'
  readonly description?: string | undefined
  readonly required?: readonly string[] | undefined
  readonly nullable?: readonly string[] | undefined
  readonly properties?: Readonly<Record<string, LexiconSchema>> | undefined
}

/** A list. */
export interface LexiconArray {
  readonly type: 'array'
  readonly description?: string | undefined
  readonly items: LexiconSchema
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
}

/** Text. Lengths are in bytes of UTF-8. */
export interface LexiconString {
  readonly type: 'string'
  readonly description?: string | undefined
  readonly format?: string | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  readonly minGraphemes?: number | undefined
  readonly maxGraphemes?: number | undefined
  readonly enum?: readonly string[] | undefined
  readonly const?: string | undefined
  /** Values that mean something; others are allowed. */
  readonly knownValues?: readonly string[] | undefined
  readonly default?: string | undefined
}

/** A whole number. */
export interface LexiconInteger {
  readonly type: 'integer'
  readonly description?: string | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly enum?: readonly number[] | undefined
  readonly const?: number | undefined
  readonly default?: number | undefined
}

/** One of several objects, told apart by `$type`. */
export interface LexiconUnion {
  readonly type: 'union'
  readonly description?: string | undefined
  readonly refs: readonly string[]
  /** Nothing but these. @default false */
  readonly closed?: boolean | undefined
}

/** Bytes. */
export interface LexiconBytes {
  readonly type: 'bytes'
  readonly description?: string | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
}

/** A file that lies beside the repository. */
export interface LexiconBlob {
  readonly type: 'blob'
  readonly description?: string | undefined
  /** Media types, with `*` for any: `image/*`. */
  readonly accept?: readonly string[] | undefined
  /** Bytes. */
  readonly maxSize?: number | undefined
}

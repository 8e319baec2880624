/** A part of a text that is a link. */
export interface LinkSpan {
  readonly kind: 'link'
  /** First UTF-16 code unit. */
  readonly start: number
  /** Behind the last UTF-16 code unit. */
  readonly end: number
  readonly uri: string
}

/** A part of a text that names an account. */
export interface MentionSpan {
  readonly kind: 'mention'
  readonly start: number
  readonly end: number
  /** Handle without `@`, as it was written; or a DID. */
  readonly handle: string
}

/** A part of a text that is a tag: `#news`, or `$ACME`. */
export interface TagSpan {
  readonly kind: 'tag'
  readonly start: number
  readonly end: number
  /** Without `#`, and with `$`. */
  readonly tag: string
}

/** A part of a text with a meaning of its own. */
export type TextSpan = LinkSpan | MentionSpan | TagSpan

/** A text and what is in it: spans in order, none over another. */
export interface RichText {
  readonly text: string
  readonly spans: readonly TextSpan[]
}

/** Code points from the first to the second, both included. */
export type CharRange = readonly [number, number]

/** A pattern of RE2 as a tree, as far as it says which texts match: groups are not told apart, nor is who is greedy. */
export type PatternNode =
  /** One code point of these. */
  | { readonly type: 'char'; readonly ranges: readonly CharRange[] }
  | { readonly type: 'sequence' | 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly type: 'repeat'; readonly node: PatternNode; readonly least: number; readonly most: number }
  /** The beginning of the text, and its end. */
  | { readonly type: 'begin' | 'end' }

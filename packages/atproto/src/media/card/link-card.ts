/** What a page says of itself, for a card below a post. */
export interface PageCard {
  /** Where it was found: the address that was asked for. */
  readonly uri: string
  readonly title: string
  readonly description: string
  /** Address of its picture. */
  readonly image: string | undefined
}

// Written by scripts/generate-network.ts.

/** The types of `app.bsky.contact.dismissMatch`. */
export interface AppBskyContactDismissMatchTypes {
  readonly 'app.bsky.contact.dismissMatch': {
    readonly input: {
      readonly subject: string
    }
    readonly output: object
  }
}

// Written by scripts/generate-network.ts.

/** The types of `app.bsky.contact.removeData`. */
export interface AppBskyContactRemoveDataTypes {
  readonly 'app.bsky.contact.removeData': {
    readonly input: object
    readonly output: object
  }
}

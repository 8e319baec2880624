// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.contact.getSyncStatus`. */
export interface AppBskyContactGetSyncStatusTypes {
  readonly 'app.bsky.contact.getSyncStatus': {
    readonly parameters: object
    readonly output: {
      readonly syncStatus?: LexiconTypes['app.bsky.contact.defs#syncStatus'] | undefined
    }
  }
}

// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.contact.importContacts`. */
export interface AppBskyContactImportContactsTypes {
  readonly 'app.bsky.contact.importContacts': {
    readonly input: {
      readonly token: string
      readonly contacts: readonly string[]
    }
    readonly output: {
      readonly matchesAndContactIndexes: readonly LexiconTypes['app.bsky.contact.defs#matchAndContactIndex'][]
    }
  }
}

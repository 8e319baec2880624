// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.contact.defs`. */
export interface AppBskyContactDefsTypes {
  readonly 'app.bsky.contact.defs#matchAndContactIndex': {
    readonly $type?: 'app.bsky.contact.defs#matchAndContactIndex' | undefined
    readonly match: LexiconTypes['app.bsky.actor.defs#profileView']
    readonly contactIndex: number
  }
  readonly 'app.bsky.contact.defs#syncStatus': {
    readonly $type?: 'app.bsky.contact.defs#syncStatus' | undefined
    readonly syncedAt: string
    readonly matchesCount: number
  }
  readonly 'app.bsky.contact.defs#notification': {
    readonly $type?: 'app.bsky.contact.defs#notification' | undefined
    readonly from: string
    readonly to: string
  }
}

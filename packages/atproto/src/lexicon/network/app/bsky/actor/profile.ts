// Written by scripts/generate-network.ts.
import type { BlobRef } from '../../../../data-kinds.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.profile`. */
export interface AppBskyActorProfileTypes {
  readonly 'app.bsky.actor.profile': {
    readonly $type: 'app.bsky.actor.profile'
    readonly displayName?: string | undefined
    readonly description?: string | undefined
    readonly pronouns?: string | undefined
    readonly website?: string | undefined
    readonly avatar?: BlobRef | undefined
    readonly banner?: BlobRef | undefined
    readonly labels?:
      | (LexiconTypes['com.atproto.label.defs#selfLabels'] & { readonly $type: 'com.atproto.label.defs#selfLabels' })
      | undefined
    readonly joinedViaStarterPack?: LexiconTypes['com.atproto.repo.strongRef'] | undefined
    readonly pinnedPost?: LexiconTypes['com.atproto.repo.strongRef'] | undefined
    readonly createdAt?: string | undefined
  }
}

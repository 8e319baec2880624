// Written by scripts/generate-network.ts.
import type { BlobRef } from '../../../../data-kinds.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.embed.external`. */
export interface AppBskyEmbedExternalTypes {
  readonly 'app.bsky.embed.external': {
    readonly $type?: 'app.bsky.embed.external' | undefined
    readonly external: LexiconTypes['app.bsky.embed.external#external']
  }
  readonly 'app.bsky.embed.external#external': {
    readonly $type?: 'app.bsky.embed.external#external' | undefined
    readonly uri: string
    readonly title: string
    readonly description: string
    readonly thumb?: BlobRef | undefined
    readonly associatedRefs?: readonly LexiconTypes['com.atproto.repo.strongRef'][] | undefined
  }
  readonly 'app.bsky.embed.external#view': {
    readonly $type?: 'app.bsky.embed.external#view' | undefined
    readonly external: LexiconTypes['app.bsky.embed.external#viewExternal']
  }
  readonly 'app.bsky.embed.external#viewExternal': {
    readonly $type?: 'app.bsky.embed.external#viewExternal' | undefined
    readonly uri: string
    readonly title: string
    readonly description: string
    readonly thumb?: string | undefined
    readonly createdAt?: string | undefined
    readonly updatedAt?: string | undefined
    readonly readingTime?: number | undefined
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
    readonly source?: LexiconTypes['app.bsky.embed.external#viewExternalSource'] | undefined
    readonly associatedRefs?: readonly LexiconTypes['com.atproto.repo.strongRef'][] | undefined
    readonly associatedProfiles?: readonly LexiconTypes['app.bsky.actor.defs#profileViewBasic'][] | undefined
  }
  readonly 'app.bsky.embed.external#viewExternalSource': {
    readonly $type?: 'app.bsky.embed.external#viewExternalSource' | undefined
    readonly uri: string
    readonly icon?: string | undefined
    readonly title: string
    readonly description?: string | undefined
    readonly theme?: LexiconTypes['app.bsky.embed.external#viewExternalSourceTheme'] | undefined
  }
  readonly 'app.bsky.embed.external#viewExternalSourceTheme': {
    readonly $type?: 'app.bsky.embed.external#viewExternalSourceTheme' | undefined
    readonly backgroundRGB?: LexiconTypes['app.bsky.embed.external#colorRGB'] | undefined
    readonly foregroundRGB?: LexiconTypes['app.bsky.embed.external#colorRGB'] | undefined
    readonly accentRGB?: LexiconTypes['app.bsky.embed.external#colorRGB'] | undefined
    readonly accentForegroundRGB?: LexiconTypes['app.bsky.embed.external#colorRGB'] | undefined
  }
  readonly 'app.bsky.embed.external#colorRGB': {
    readonly $type?: 'app.bsky.embed.external#colorRGB' | undefined
    readonly r: number
    readonly g: number
    readonly b: number
  }
}

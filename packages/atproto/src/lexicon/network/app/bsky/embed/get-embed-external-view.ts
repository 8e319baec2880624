// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.embed.getEmbedExternalView`. */
export interface AppBskyEmbedGetEmbedExternalViewTypes {
  readonly 'app.bsky.embed.getEmbedExternalView': {
    readonly parameters: {
      readonly url: string
      readonly uris: readonly string[]
    }
    readonly output: {
      readonly view?: LexiconTypes['app.bsky.embed.external#view'] | undefined
      readonly associatedRefs?: readonly LexiconTypes['com.atproto.repo.strongRef'][] | undefined
      readonly associatedRecords?: readonly DataObject[] | undefined
    }
  }
}

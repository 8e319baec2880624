// Written by scripts/generate-network.ts.
import type { BlobRef } from '../../../../data-kinds.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.embed.video`. */
export interface AppBskyEmbedVideoTypes {
  readonly 'app.bsky.embed.video': {
    readonly $type?: 'app.bsky.embed.video' | undefined
    readonly video: BlobRef
    readonly captions?: readonly LexiconTypes['app.bsky.embed.video#caption'][] | undefined
    readonly alt?: string | undefined
    readonly aspectRatio?: LexiconTypes['app.bsky.embed.defs#aspectRatio'] | undefined
    readonly presentation?: 'default' | 'gif' | (string & {}) | undefined
  }
  readonly 'app.bsky.embed.video#caption': {
    readonly $type?: 'app.bsky.embed.video#caption' | undefined
    readonly lang: string
    readonly file: BlobRef
  }
  readonly 'app.bsky.embed.video#view': {
    readonly $type?: 'app.bsky.embed.video#view' | undefined
    readonly cid: string
    readonly playlist: string
    readonly thumbnail?: string | undefined
    readonly alt?: string | undefined
    readonly aspectRatio?: LexiconTypes['app.bsky.embed.defs#aspectRatio'] | undefined
    readonly presentation?: 'default' | 'gif' | (string & {}) | undefined
  }
}

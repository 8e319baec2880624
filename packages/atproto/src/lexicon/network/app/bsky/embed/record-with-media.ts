// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.embed.recordWithMedia`. */
export interface AppBskyEmbedRecordWithMediaTypes {
  readonly 'app.bsky.embed.recordWithMedia': {
    readonly $type?: 'app.bsky.embed.recordWithMedia' | undefined
    readonly record: LexiconTypes['app.bsky.embed.record']
    readonly media:
      | (LexiconTypes['app.bsky.embed.images'] & { readonly $type: 'app.bsky.embed.images' })
      | (LexiconTypes['app.bsky.embed.video'] & { readonly $type: 'app.bsky.embed.video' })
      | (LexiconTypes['app.bsky.embed.gallery'] & { readonly $type: 'app.bsky.embed.gallery' })
      | (LexiconTypes['app.bsky.embed.external'] & { readonly $type: 'app.bsky.embed.external' })
  }
  readonly 'app.bsky.embed.recordWithMedia#view': {
    readonly $type?: 'app.bsky.embed.recordWithMedia#view' | undefined
    readonly record: LexiconTypes['app.bsky.embed.record#view']
    readonly media:
      | (LexiconTypes['app.bsky.embed.images#view'] & { readonly $type: 'app.bsky.embed.images#view' })
      | (LexiconTypes['app.bsky.embed.video#view'] & { readonly $type: 'app.bsky.embed.video#view' })
      | (LexiconTypes['app.bsky.embed.gallery#view'] & { readonly $type: 'app.bsky.embed.gallery#view' })
      | (LexiconTypes['app.bsky.embed.external#view'] & { readonly $type: 'app.bsky.embed.external#view' })
  }
}

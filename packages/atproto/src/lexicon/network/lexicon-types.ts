// Written by scripts/generate-network.ts.
import type { AppBskyTypes } from './app-bsky.ts'
import type { ComAtprotoTypes } from './com-atproto.ts'

/**
 * The types of all definitions of `app.bsky` and `com.atproto`, by name: `LexiconTypes['app.bsky.feed.post']` is that of
 * a post. Values are those of the data model: links are `Cid`, bytes `Uint8Array`.
 */
export interface LexiconTypes extends AppBskyTypes, ComAtprotoTypes {}

import type { MigrationSet } from '@exprsn/core/database'
import type { RichText } from '../../richtext/index.ts'

/** An image of a post. */
export interface CrossPostImage {
  /** How the host knows it: what the target's reader of files is given. The name stands for its content. */
  readonly ref: string
  /** For those who do not see it. */
  readonly alt: string
}

/** A post as every network can have it. */
export interface CrossPost {
  /** The item's own id, which never changes. */
  readonly id: string
  readonly content: RichText
  readonly createdAt: Date
  /** Shown by feeds, and before the text elsewhere only if it is part of it. @default none */
  readonly title?: string | undefined
  /** Where the item stands on the host's own pages. @default none */
  readonly url?: string | undefined
  /** BCP 47. @default none */
  readonly language?: string | undefined
  /** Shown before the post, which is hidden until it is asked for. @default none */
  readonly warning?: string | undefined
  /** Shown with the post; those that are too many with the next ones of its thread. @default none */
  readonly images?: readonly CrossPostImage[] | undefined
}

/** What a network can do, and how much of it. */
export interface TargetCapabilities {
  /** A post may be changed in place. */
  readonly edits: boolean
  readonly deletes: boolean
  /** A text that is too long becomes several posts that answer one another; else it is one. */
  readonly threads: boolean
  /** Links have a text of their own; else their address is written out. */
  readonly linkTexts: boolean
  /** The most characters of a post, as people count them; Infinity for no limit. */
  readonly characters: number
  /** Images of one post; 0 where they are left out. */
  readonly images: number
  /** How long a repeated request is known for one, in milliseconds; Infinity for ever. */
  readonly repeatable: number
}

/** What stands there of an item. */
export interface TargetRecord {
  readonly id: string
  /** For readers. @default none */
  readonly url?: string | undefined
}

/** How it went; faults that may pass are thrown. */
export type TargetOutcome =
  | { readonly status: 'done' }
  | { readonly status: 'waiting'; readonly until: Date; readonly reason: string }
  | { readonly status: 'refused'; readonly reason: string }

/** Options of the calls of a {@link PublishTarget}. */
export interface TargetCall {
  readonly signal?: AbortSignal | undefined
}

/**
 * A network that items are posted to. Each call says how things are to be, and may be repeated: what is so already stays as it
 * is.
 */
export interface PublishTarget {
  /** Its own name among the targets of a host. */
  readonly name: string
  readonly capabilities: TargetCapabilities
  /** The tables it needs, for `migrate`. */
  readonly migrations: readonly MigrationSet[]
  /** Makes the posts of an item what it says: posts it, or changes what was posted. */
  put(post: CrossPost, call?: TargetCall): Promise<TargetOutcome>
  /** Takes an item back. */
  remove(id: string, call?: TargetCall): Promise<TargetOutcome>
  /** What stands there of an item, in order. */
  records(id: string): Promise<readonly TargetRecord[]>
}

import { detectSpans, fromHtml, fromMarkdown, type DocumentText, type RichText } from '../richtext/index.ts'

/** A record and the version of it that is meant: `com.atproto.repo.strongRef`. */
export interface StrongRef {
  readonly uri: string
  readonly cid: string
}

/** A link that is shown as a card below a post. */
export interface LinkCard {
  readonly uri: string
  readonly title: string
  readonly description: string
}

/** A file of the host, by a name that its mapping's `media` knows; what it names does not change. */
export interface MediaFile {
  readonly ref: string
  /** What is to be seen, for those who do not see it. */
  readonly alt: string
}

/** Who may answer: nobody, or those of whom one of these is true. */
export type WhoMayReply =
  | 'nobody'
  | {
      /** Who is mentioned in the post. @default false */
      readonly mentioned?: boolean | undefined
      /** Who follows the author. @default false */
      readonly followers?: boolean | undefined
      /** Whom the author follows. @default false */
      readonly following?: boolean | undefined
      /** Members of these lists: `at://…/app.bsky.graph.list/…`. @default none */
      readonly lists?: readonly string[] | undefined
    }

/** What a post is to become; a text that is too long becomes a thread. Every method gives a new draft. */
export class PostDraft {
  readonly content: RichText
  readonly settings: PostSettings

  constructor(content: RichText, settings: PostSettings = {}) {
    this.content = content
    this.settings = settings
  }

  /** Shows a link below the first post. */
  card(uri: string, { title = '', description = '' }: Partial<Omit<LinkCard, 'uri'>> = {}): PostDraft {
    return this.#with({ card: { uri, title, description } })
  }

  /** Shows an image below the post; every four stand below a post of the thread. */
  image(ref: string, { alt }: { readonly alt: string }): PostDraft {
    return this.#with({ images: [...(this.settings.images ?? []), { ref, alt }] })
  }

  /** Shows a video below the first post. */
  video(ref: string, { alt }: { readonly alt: string }): PostDraft {
    return this.#with({ video: { ref, alt } })
  }

  /** Says who may answer the thread. @default everybody */
  allowReplies(replies: WhoMayReply): PostDraft {
    return this.#with({ replies })
  }

  /** Whether others may quote the posts. @default they may */
  allowQuotes(quotes: boolean): PostDraft {
    return this.#with({ quotes })
  }

  /** Languages of the text: BCP 47, at most three. */
  langs(...langs: readonly string[]): PostDraft {
    return this.#with({ langs })
  }

  /** Labels that the author gives, such as `sexual` or `graphic-media`. */
  labels(...labels: readonly string[]): PostDraft {
    return this.#with({ labels })
  }

  /** Tags beside those in the text, without `#`. */
  tags(...tags: readonly string[]): PostDraft {
    return this.#with({ tags })
  }

  /** Quotes another record below the first post. */
  quote(quote: StrongRef): PostDraft {
    return this.#with({ quote })
  }

  /** Answers a post; `root` is the first of its thread. */
  replyTo(reply: { readonly root: StrongRef; readonly parent: StrongRef }): PostDraft {
    return this.#with({ reply })
  }

  /** Keeps fields of the first record that are not the draft's own: those that others have put there, in the form of JSON. */
  keeping(fields: Readonly<Record<string, unknown>>): PostDraft {
    return this.#with({ keep: fields })
  }

  #with(more: PostSettings): PostDraft {
    return new PostDraft(this.content, { ...this.settings, ...more })
  }
}

/** What a draft says beside its text. */
export interface PostSettings {
  readonly card?: LinkCard | undefined
  readonly images?: readonly MediaFile[] | undefined
  readonly video?: MediaFile | undefined
  readonly replies?: WhoMayReply | undefined
  readonly quotes?: boolean | undefined
  readonly langs?: readonly string[] | undefined
  readonly labels?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly quote?: StrongRef | undefined
  readonly reply?: { readonly root: StrongRef; readonly parent: StrongRef } | undefined
  /** Fields of others, as `keeping` was given them. */
  readonly keep?: Readonly<Record<string, unknown>> | undefined
}

/** Where drafts begin: `text.plain(body).card(url)`. */
export interface DraftText {
  /** Links, mentions and tags are found in the text. */
  plain(text: string): PostDraft
  /** Markdown: its links are links of the post, other formatting is its words. Pictures are left out: `fromMarkdown` has them. */
  markdown(text: string): PostDraft
  /** HTML, as `markdown` has Markdown; no script comes through. */
  html(text: string): PostDraft
  /** With spans of your own. */
  rich(text: RichText): PostDraft
}

/** Given to `toRecord`. */
export const draftText: DraftText = {
  plain: (text) => new PostDraft({ text, spans: detectSpans(text) }),
  markdown: (text) => ofDocument(fromMarkdown(text)),
  html: (text) => ofDocument(fromHtml(text)),
  rich: (content) => new PostDraft(content),
}

function ofDocument({ text, spans }: DocumentText): PostDraft {
  return new PostDraft({ text, spans })
}

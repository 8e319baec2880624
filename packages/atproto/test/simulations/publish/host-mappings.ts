import { defineMapping, type Mapping } from '@exprsn/atproto/publish'
import { readFile } from './host-files.ts'
import type { Item, Items, World } from './world.ts'

/** How the items of the simulation become records. */
export function hostMappings(world: World): { readonly [Name in keyof Items]: Mapping<Item> } {
  const identity = ({ id }: Item): string => id
  const media = async (ref: string): Promise<Uint8Array> => readFile(world, ref)
  const policies = { conflict: 'manual', ...world.bug.policies } as const
  const illustrated: Mapping<Item>['toRecord'] = ({ body, images = [] }, { text }) =>
    images.reduce((draft, { ref, alt }) => draft.image(ref, { alt }), text.plain(body))
  return {
    notes: defineMapping<Item>({ identity, toRecord: ({ body }, { text }) => text.plain(body), policies }),
    news: defineMapping<Item>({
      identity,
      toRecord: ({ body }, { text }) => text.plain(body).langs('en'),
      policies: { edit: 'repost', ...policies },
    }),
    docs: defineMapping<Item>({
      collection: 'com.example.doc',
      identity,
      toRecord: ({ id, body }) => ({ id, body }),
    }),
    pictures: defineMapping<Item>({ identity, media, toRecord: illustrated, policies }),
    threads: defineMapping<Item>({
      identity,
      media,
      toRecord: illustrated,
      policies: { thread: 'atomic', alt: 'optional', ...policies },
    }),
    pages: defineMapping<Item>({
      identity,
      toRecord: ({ body, card }, { text }) => text.plain(body).card(card!),
      policies,
    }),
  }
}

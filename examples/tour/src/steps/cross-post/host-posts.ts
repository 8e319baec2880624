import type { Database } from '@exprsn/core/database'
import { defineMapping } from '@exprsn/atproto/publish'
import type { LocalItems } from '@exprsn/atproto/two-way'
import { picture } from './picture.ts'

/** A post of the host, with a picture. */
export interface HostPost {
  readonly id: string
  readonly text: string
  /** Names the picture. */
  readonly picture: number
}

/** Posts with a picture; what others write comes back as text. */
export const postMapping = defineMapping<HostPost>({
  identity: ({ id }) => id,
  toRecord: ({ text: body, picture: number }, { text }) =>
    text.plain(body).image(String(number), { alt: `Gradient ${number}` }),
  fromRecord: ({ text }, { current }) =>
    current === undefined || typeof text !== 'string' ? undefined : { ...current, text },
  media: async (ref) => picture(Number(ref)),
  policies: { twoWay: 'newest' },
})

/** The host's table. */
export const hostPosts: LocalItems<HostPost> = {
  async read(id, { tx }) {
    const { rows } = await tx.query<HostPost & object>('select id, text, picture from post where id = $1', [id])
    return rows[0] === undefined ? undefined : { id, text: rows[0].text, picture: Number(rows[0].picture) }
  },
  async save(post, { tx }) {
    const sql = `insert into post values ($1, $2, $3) on conflict (id) do update set text = excluded.text`
    await tx.query(sql, [post.id, post.text, post.picture])
  },
  async remove(id, { tx }) {
    await tx.query('delete from post where id = $1', [id])
  },
}

/** The texts in the table, in order. */
export async function textsOf(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ text: string }>('select text from post')
  return rows.map(({ text }) => text).sort()
}

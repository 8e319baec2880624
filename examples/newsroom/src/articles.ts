import type { Database, MigrationSet, Queryable } from '@exprsn/core/database'
import { defineMapping } from '@exprsn/atproto/publish'
import type { LocalItems, TwoWayMapping } from '@exprsn/atproto/two-way'

/** An article. */
export interface Article {
  readonly id: string
  readonly headline: string
  readonly body: string
  /** What is not published yet stays here; what no longer is, is taken back. */
  readonly published: boolean
}

/** The newsroom's own table. */
export const articleMigrations: MigrationSet = {
  name: 'newsroom',
  migrations: [
    {
      id: '001-articles',
      sql: `create table article (id varchar(80) primary key, headline text not null, body text not null,
published integer not null);`,
    },
  ],
}

const mapping = defineMapping<Article>({
  identity: ({ id }) => id,
  visibility: ({ published }) => published,
  // A long one becomes a thread.
  toRecord: ({ headline, body }, { text }) => text.plain(body === '' ? headline : `${headline}\n\n${body}`),
  // Whoever corrects the post in another app corrects the article; other posts of the account are none of ours.
  fromRecord({ text }, { current }) {
    if (current === undefined || typeof text !== 'string') return undefined
    const [headline = '', ...rest] = text.split('\n\n')
    return headline === '' ? undefined : { ...current, headline, body: rest.join('\n\n') }
  },
  policies: { twoWay: 'manual' },
})

const local: LocalItems<Article> = {
  async read(id, { tx }) {
    const { rows } = await tx.query(
      `select * from article where id = $1${tx.dialect === 'postgres' ? ' for update' : ''}`,
      [id],
    )
    return rows[0] === undefined ? undefined : articleOf(rows[0])
  },
  async save({ id, headline, body, published }, { tx }) {
    const sql = `insert into article (id, headline, body, published) values ($1, $2, $3, $4)
on conflict (id) do update set headline = excluded.headline, body = excluded.body, published = excluded.published`
    await tx.query(sql, [id, headline, body, published])
  },
  async remove(id, { tx }) {
    await tx.query('delete from article where id = $1', [id])
  },
}

/** Both directions of articles. */
export const articles: TwoWayMapping<Article> = { mapping, local }

/** Stores an article as its editor wrote it. */
export function saveArticle(tx: Queryable, article: Article): Promise<void> | void {
  return local.save(article, { tx, did: '' })
}

/** Deletes one. */
export function deleteArticle(tx: Queryable, id: string): Promise<void> | void {
  return local.remove(id, { tx, did: '' })
}

/** All articles. */
export async function listArticles(database: Database): Promise<readonly Article[]> {
  return (await database.query('select * from article order by id')).rows.map(articleOf)
}

function articleOf(row: Readonly<Record<string, unknown>>): Article {
  return {
    id: String(row.id),
    headline: String(row.headline),
    body: String(row.body),
    published: Number(row.published) === 1,
  }
}

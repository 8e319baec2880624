import { SeededRandom } from '@exprsn/core/testing'
import { randomBelow } from '@exprsn/core'

const words =
  'the of and to in a is that for it was on are as with they at be this from or had by but some what there we can out other were all your when up use word how said each she which do their time if will way about many then them would write like so these her long make thing see him two has look more day could go come did my sound no most number who over know water than call first people may down side been now find any new work part take get place made live where after back little only round man year came show every good me give our under name very through just form much great think say help low line before turn cause same mean differ move right boy old too does tell sentence set three want air well also play small end put home read hand port large spell add even land here must big high such follow act why ask men change went light kind off need house picture try us again animal point mother world near build self earth father'.split(
    ' ',
  )
const links = [
  'https://example.com/a/long/path?with=query&and=more',
  'example.com',
  'https://blog.example.org/2026/11/a-title_(here)',
  'news.example.net/x.',
]
const mentions = ['@alice.example.com', '@bob.test', '(@carol.example.org)']
const tags = ['#news', '#AtProto', '#日本語', '#2026年']
const others = ['naïve', 'Straße', '日本語の文', '👋', '👨‍👩‍👧‍👦', '🏳️‍🌈', '“quoted”', 'e\u0301', '—']

/** Posts as people write them: words, and now and then a link, a mention, a tag, or characters beyond ASCII. */
export function samplePosts(count: number, wordsOfPost = 35): string[] {
  const random = new SeededRandom(7)
  const pick = (list: readonly string[]): string => list[randomBelow(random, list.length)]!
  return Array.from({ length: count }, () => {
    const length = 3 + randomBelow(random, wordsOfPost)
    return Array.from({ length }, () => {
      const chance = randomBelow(random, 100)
      if (chance < 3) return pick(links)
      if (chance < 5) return pick(mentions)
      if (chance < 8) return pick(tags)
      return chance < 14 ? pick(others) : pick(words) + (chance > 94 ? '.' : '')
    }).join(' ')
  })
}

/** The handles in them. */
export const sampleHandles: ReadonlyMap<string, string> = new Map(
  mentions
    .map((mention) => mention.replaceAll(/[()@]/g, ''))
    .map((handle) => [handle, `did:plc:${handle.replaceAll('.', '')}`]),
)

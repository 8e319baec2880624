import { countGraphemes, detectSpans, splitPost } from '../../richtext/index.ts'

/** Every address counts as so many characters, whatever its length. */
const addressCharacters = 23
const mostRounds = 8

/** How many characters Mastodon counts: https://docs.joinmastodon.org/user/posting/ */
function mastodonLength(text: string): number {
  let length = 0
  let end = 0
  for (const span of detectSpans(text)) {
    if (span.kind !== 'link' || !/^https?:/i.test(text.slice(span.start, span.end))) continue
    length += countGraphemes(text.slice(end, span.start)) + addressCharacters
    ;({ end } = span)
  }
  return length + countGraphemes(text.slice(end))
}

/** The parts of a thread. Short addresses count for more than they are: then parts are made shorter until all fit. */
export function splitForMastodon(
  text: string,
  characters: number,
  numbering: ((part: number, parts: number) => string) | undefined,
): string[] {
  const split = (graphemes: number): string[] =>
    splitPost(text, { graphemes, bytes: characters * 64, numbering }).map((part) => part.text)
  let graphemes = characters
  let parts = mastodonLength(text) <= characters ? [text.trim()] : split(graphemes)
  for (let round = 0; round < mostRounds && parts.some((part) => mastodonLength(part) > characters); round++) {
    const excess = Math.max(...parts.map((part) => mastodonLength(part) - characters))
    graphemes = Math.max(Math.ceil(characters / 4), graphemes - excess)
    parts = split(graphemes)
  }
  return parts
}

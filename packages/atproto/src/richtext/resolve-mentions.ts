import type { TextSpan } from './rich-text.ts'

/** Gives the DID of a handle, or undefined when nobody has it. What it throws is passed on. */
export type ResolveMention = (
  handle: string,
  options: { readonly signal?: AbortSignal | undefined },
) => Promise<string | undefined>

/**
 * Resolves every handle that is mentioned, each once: for {@link toFacets}.
 *
 * @example
 * ```ts
 * import { detectSpans, resolveMentions } from '@exprsn/atproto/richtext'
 *
 * const known = new Map([['alice.example', 'did:plc:example']])
 * const dids = await resolveMentions(detectSpans('hello @alice.example'), async (handle) => known.get(handle))
 * console.log(dids.size) // 1
 * ```
 */
export async function resolveMentions(
  spans: readonly TextSpan[],
  resolve: ResolveMention,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ReadonlyMap<string, string>> {
  const handles = new Set(spans.flatMap((span) => (span.kind === 'mention' ? [span.handle.toLowerCase()] : [])))
  const dids = new Map<string, string>()
  for (const handle of handles) {
    const did = await resolve(handle, options)
    if (did !== undefined) dids.set(handle, did)
  }
  return dids
}

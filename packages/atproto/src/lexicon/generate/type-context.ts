import type { LexiconDefinition, LexiconDocument } from '../lexicon-document.ts'
import { hasType } from './lexicon-type.ts'
import type { TypeContext } from './schema-type.ts'

/** What of a set of lexicons the writing of types asks for. */
export function typeContext(lexicons: readonly LexiconDocument[], descriptions: boolean): Omit<TypeContext, 'id'> {
  const definitions = new Map<string, LexiconDefinition>()
  for (const { id, defs } of lexicons)
    for (const [name, definition] of Object.entries(defs)) definitions.set(`${id}#${name}`, definition)
  const known = (name: string, test: (definition: LexiconDefinition) => boolean): boolean => {
    const definition = definitions.get(name)
    return definition !== undefined && test(definition)
  }
  return {
    descriptions,
    has: (name) => known(name, hasType),
    isToken: (name) => known(name, ({ type }) => type === 'token'),
  }
}

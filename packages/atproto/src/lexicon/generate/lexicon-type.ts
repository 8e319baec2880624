import type { LexiconBody, LexiconDefinition, LexiconDocument, LexiconParameters } from '../lexicon-document.ts'
import { comment, objectType, quoted, schemaType, typeKey, type TypeContext } from './schema-type.ts'

/** The lines of an interface that holds a type for each definition of a lexicon. */
export function lexiconTypeLines({ id, defs }: LexiconDocument, context: Omit<TypeContext, 'id'>): readonly string[] {
  return Object.entries(defs).flatMap(([name, definition]) => {
    const key = typeKey(`${id}#${name}`)
    const type = definitionType(definition, key, { ...context, id })
    const description = 'description' in definition ? (definition.description as string | undefined) : undefined
    return type === undefined ? [] : [`${comment(description, context)}readonly ${quoted(key)}: ${type}`]
  })
}

/** Whether a definition has a type of its own. */
export function hasType({ type }: LexiconDefinition): boolean {
  return type !== 'token' && type !== 'permission-set'
}

function definitionType(definition: LexiconDefinition, key: string, context: TypeContext): string | undefined {
  switch (definition.type) {
    case 'token':
    case 'permission-set':
      return undefined
    case 'record':
      return objectType(definition.record, context, `readonly $type: ${quoted(key)}`)
    case 'object':
      return objectType(definition, context, `readonly $type?: ${quoted(key)} | undefined`)
    case 'query':
      return requestType([parameters(definition.parameters, context), body('output', definition.output, context)])
    case 'procedure':
      return requestType([
        parameters(definition.parameters, context),
        body('input', definition.input, context),
        body('output', definition.output, context),
      ])
    case 'subscription': {
      const schema = definition.message?.schema
      return requestType([
        parameters(definition.parameters, context),
        schema === undefined ? undefined : `readonly message: ${schemaType(schema, context)}`,
      ])
    }
    default:
      return schemaType(definition, context)
  }
}

function requestType(lines: readonly (string | undefined)[]): string {
  return `{\n${lines.filter((line) => line !== undefined).join('\n')}\n}`
}

function parameters(params: LexiconParameters | undefined, context: TypeContext): string | undefined {
  return params === undefined ? undefined : `readonly parameters: ${objectType(params, context)}`
}

function body(name: string, content: LexiconBody | undefined, context: TypeContext): string | undefined {
  if (content === undefined) return undefined
  return `readonly ${name}: ${content.schema === undefined ? 'Uint8Array' : schemaType(content.schema, context)}`
}

import { XmlReader, type XmlEvent } from '@exprsn/core/bytes'
import type { StatementItem } from '../bank-statement.ts'
import { StatementBuilder } from '../statement-builder.ts'
import type { StatementParser } from '../statement-parser.ts'
import { camtRoot, camtState } from './camt-elements.ts'
import type { ElementHandler } from './element-tree.ts'

/** Reads ISO 20022 CAMT.052, .053 and .054, of any version (iso20022.org, Bank-to-Customer Cash Management). */
export function camtParser(): StatementParser {
  const xml = new XmlReader()
  const builder = new StatementBuilder('camt')
  const state = camtState(builder)
  const open: ElementHandler<typeof state>[] = []
  let node: ElementHandler<typeof state> = camtRoot
  /** How deep we are in something that nobody wants. */
  let passed = 0

  function take(events: readonly XmlEvent[]): void {
    for (const event of events) {
      if (event.kind === 'start') {
        const child = passed === 0 ? node.children?.get(event.local) : undefined
        if (child === undefined) passed++
        else {
          open.push(node)
          node = child
          child.open?.(state, event.attributes, event.offset)
        }
      } else if (event.kind === 'text') {
        if (passed === 0) node.text?.(state, event.text, event.offset)
      } else if (passed > 0) passed--
      else {
        node.close?.(state, event.offset)
        node = open.pop()!
      }
    }
  }

  return {
    push(bytes): StatementItem[] {
      take(xml.push(bytes))
      return builder.take()
    },
    end(): StatementItem[] {
      take(xml.end())
      return builder.end('the end')
    },
  }
}

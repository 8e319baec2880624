import { XmlReader } from '@exprsn/core/bytes'
import type { StatementItem } from '../bank-statement.ts'
import { StatementBuilder } from '../statement-builder.ts'
import type { StatementParser } from '../statement-parser.ts'
import { camtRoot, camtState } from './camt-elements.ts'
import type { ElementHandler } from './element-tree.ts'
import { PlainXml, type ElementSink } from './plain-xml.ts'

/** Reads ISO 20022 CAMT.052, .053 and .054, of any version (iso20022.org, Bank-to-Customer Cash Management). */
export function camtParser(): StatementParser {
  const builder = new StatementBuilder('camt')
  const xml = new PlainXml(camtSink(builder))
  return {
    push(bytes): StatementItem[] {
      xml.push(bytes)
      return builder.take()
    },
    end(): StatementItem[] {
      xml.end()
      return builder.end('the end')
    },
  }
}

/** The same by `XmlReader` alone: what the faster way is held against. */
export function carefulCamtParser(): StatementParser {
  const builder = new StatementBuilder('camt')
  const sink = camtSink(builder)
  const xml = new XmlReader()
  const take = (events: ReturnType<XmlReader['push']>): void => {
    for (const event of events)
      if (event.kind === 'start') sink.open(event.local, event.attributes, event.offset)
      else if (event.kind === 'end') sink.close(event.offset)
      else if (sink.wantsText) sink.text(event.text, event.offset)
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

function camtSink(builder: StatementBuilder): ElementSink {
  const state = camtState(builder)
  const open: ElementHandler<typeof state>[] = []
  let node: ElementHandler<typeof state> = camtRoot
  /** How deep we are in something that nobody wants. */
  let passed = 0
  return {
    open(local, attributes, offset): void {
      const child = passed === 0 ? node.children?.get(local) : undefined
      if (child === undefined) passed++
      else {
        open.push(node)
        node = child
        child.open?.(state, attributes, offset)
      }
    },
    get wantsText(): boolean {
      return passed === 0 && node.text !== undefined
    },
    text: (text, offset) => node.text!(state, text, offset),
    close(offset): void {
      if (passed > 0) {
        passed--
        return
      }
      node.close?.(state, offset)
      node = open.pop()!
    },
  }
}

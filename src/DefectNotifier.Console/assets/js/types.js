/**
 * The JSON of the operations API, for the type check. Members that have no value are absent.
 *
 * @typedef {{ name?: string, may: string[], expiresAt?: string, isLoginNeeded: boolean, warning?: string }} Session
 *
 * @typedef {{ kind: string, title: string, advice?: string, detail?: string, destination?: string, projectCode?: string, reason?: string,
 *   count?: number, since?: string, nextAttempt?: string, eventId?: string, deliveryId?: number }} Need
 *
 * @typedef {{ name: string, type: string, platform: string, place?: string, state: string, reason?: string, meaning?: string,
 *   advice?: string, until?: string, waiting?: number, oldestReceivedAt?: string, deferred?: number, deferredUntil?: string,
 *   dead?: number, held?: number, perSecond?: number, caughtUpAt?: string, sentLastHour?: number[], failedLastHour?: number[],
 *   waitingLastHour?: (number | null)[], node?: string,
 *   last?: { eventId: string, name: string, projectCode?: string, subjectId?: number, at: string } }} Destination
 *
 * @typedef {{ projectCode?: string, count: number, lastAt: string, lastEventId: string }} Unrouted
 *
 * @typedef {{ version: string, since: string, rejectedAt?: string, rejected: string[], brokenTemplates: string[],
 *   waitsForRestart: string[] }} Configuration
 *
 * @typedef {{ name: string, version: string, configuration: string, startedAt: string, clockAheadMilliseconds: number,
 *   leaseLeftMilliseconds: number, isThis: boolean, holds: string[] }} NodeStatus
 *
 * @typedef {{ state: string, headline: string, version: string, at: string, startedAt?: string, store: string, outbox: string,
 *   needs: Need[], notes: Need[], destinations: Destination[], dead?: number, held?: number, unrouted: Unrouted[],
 *   configuration?: Configuration, silences: Silence[], nodes: NodeStatus[] }} ServiceStatus
 *
 * @typedef {{ id: number, destination: string, state: string, reason?: string, endedAt?: string, dueAt?: string }} DeliverySummary
 *
 * @typedef {{ sequence: number, id: string, source: string, name: string, projectCode?: string, subjectId?: number, title?: string,
 *   severity?: string, actor?: string, receivedAt: string, isUnrouted: boolean, deliveries: DeliverySummary[] }} EventSummary
 *
 * @typedef {{ events: EventSummary[], next?: number }} EventSummaryPage
 *
 * @typedef {{ number: number, startedAt: string, endedAt?: string, outcome?: string, reason?: string, detail?: string, version?: string,
 *   step?: string }} Attempt
 *
 * @typedef {{ at: string, what: string, by?: string }} OperatorAction
 *
 * @typedef {{ id: number, state?: string, reason?: string, endedAt?: string, reference?: string }} Digest
 *
 * @typedef {{ id: number, destination: string, state: string, reason?: string, detail?: string, reference?: string, endedAt?: string,
 *   history: Attempt[], actions: OperatorAction[], isMessageKept?: boolean, dueAt?: string, silence?: Silence, digest?: Digest,
 *   sentence?: string, advice?: string, platform?: string }} Delivery
 *
 * @typedef {{ key?: string, text: string, passed: boolean }} RouteTest
 * @typedef {{ route: number, matched: boolean, reason: string, evaluated?: boolean, tests?: RouteTest[] }} Verdict
 * @typedef {{ destination: string, route: number, templateSet?: string, kind?: string, fallback?: string }} Planned
 * @typedef {{ routes: number[], deliveries: Planned[], version?: string, severity?: string, verdicts?: Verdict[],
 *   isUnrouted: boolean }} Decision
 *
 * @typedef {{ id: string, source: string, name: string, projectCode?: string, subjectId?: number, occurredAt?: string,
 *   receivedAt: string, decision: Decision, deliveries: Delivery[], title?: string, severity?: string, actor?: string }} StoredEvent
 *
 * @typedef {{ isExact: boolean, platform: string, text: string, json: any, version?: string }} MessageView
 *
 * @typedef {{ id: number, eventId: string, eventName: string, projectCode?: string, subjectId?: number, title?: string,
 *   destination: string, state: string, reason?: string, detail?: string, attempts: number, mayBeRepeat: boolean,
 *   isMessageKept?: boolean, receivedAt: string, endedAt?: string, dueAt?: string }} ListedDelivery
 *
 * @typedef {{ deliveries: ListedDelivery[], next?: number }} DeliveryPage
 *
 * @typedef {{ id: number, before?: string, after?: string, problem?: string }} BulkRow
 * @typedef {{ dryRun: boolean, changed: number[], refused: number, remaining: number, results?: BulkRow[] }} BulkResult
 *
 * @typedef {{ id: number, projectCodes: string[], events: string[], severities: string[], minSeverity?: string, titles: string[],
 *   startsAt: string, endsAt: string, by: string, why: string, isDiscarding: boolean, matchedAt?: string,
 *   matchCount: number }} Silence
 *
 * @typedef {{ events: EventSummary[], more?: number }} EventsFrame
 */
export {};

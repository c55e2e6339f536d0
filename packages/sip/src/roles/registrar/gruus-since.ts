import type { UnixMs } from '../../text/time.ts';
import type { Binding } from './binding.ts';

/**
 * RFC 5627 §5.1: from which moment on the temporary GRUUs of each instance are good. It is the moment of the instance's first
 * binding, and again that of a REGISTER that binds it under another Call-ID than the one before. `after` is what a REGISTER
 * with this Call-ID made of `before`; the bindings in which nothing changes come back as they are.
 */
export function gruusSince(
  callId: string,
  before: readonly Binding[],
  after: readonly Binding[],
  now: UnixMs,
): readonly Binding[] {
  const made = after.filter((binding) => binding.instance !== undefined && !before.includes(binding));
  if (made.length === 0) return after;
  const moments = new Map<string | undefined, UnixMs>();
  for (const { instance } of made) {
    const ofInstance = (binding: Binding): boolean => binding.instance === instance;
    moments.set(instance, momentOf(callId, before.filter(ofInstance), made.filter(ofInstance), now));
  }
  return after.map((binding) => {
    const moment = moments.get(binding.instance);
    return moment === undefined || moment === binding.gruusSince ? binding : { ...binding, gruusSince: moment };
  });
}

/** `before` and `made` are bindings of one instance. */
function momentOf(callId: string, before: readonly Binding[], made: readonly Binding[], now: UnixMs): UnixMs {
  if (before.length === 0) return Math.floor(now);
  const known = Math.max(...before.map((binding) => binding.gruusSince ?? 0));
  const isRenewed = made.some(({ regId }) =>
    latestOf(before.filter((other) => regId === undefined || other.regId === regId)).some(
      (latest) => latest.callId !== callId,
    ),
  );
  return isRenewed ? Math.max(Math.floor(now), known + 1) : known;
}

/** Those most recently registered; several where one REGISTER bound them. */
function latestOf(bindings: readonly Binding[]): readonly Binding[] {
  const latest = Math.max(...bindings.map((binding) => binding.updatedAt));
  return bindings.filter((binding) => binding.updatedAt === latest);
}

import type { Attribute, Media, Sdp } from './sdp.ts';

/** What holds attributes: a description, for those at session level, or one of its media sections. */
export type Section = Sdp | Media;

/** The attributes of one name, in their order. Names are compared with regard to case (RFC 8866 §5). */
export const attributesOf = (section: Section, name: string): readonly Attribute[] =>
  section.attributes.filter((attribute) => attribute.name === name);

/** The values of the attributes of one name, in their order; those without a value are left out. */
export const valuesOf = (section: Section, name: string): readonly string[] =>
  section.attributes.flatMap((attribute) => (attribute.name === name ? (attribute.value ?? []) : []));

export const hasAttribute = (section: Section, name: string): boolean =>
  section.attributes.some((attribute) => attribute.name === name);

/** The values that hold for a media section: its own, or those of the session where it has none. */
export function effectiveValuesOf(sdp: Sdp, media: Media, name: string): readonly string[] {
  const own = valuesOf(media, name);
  return own.length > 0 ? own : valuesOf(sdp, name);
}

/** With one more attribute, behind the others; without a value it is a property. */
export function addAttribute<S extends Section>(section: S, name: string, value?: string): S {
  return { ...section, attributes: [...section.attributes, { name, value }] };
}

/** With exactly one attribute of this name, at the place of the first one or at the end. */
export const setAttribute = <S extends Section>(section: S, name: string, value?: string): S =>
  replaceAttributes(section, [name], { name, value });

/** Without the attributes of these names. */
export function removeAttributes<S extends Section>(section: S, ...names: readonly string[]): S {
  return { ...section, attributes: section.attributes.filter(({ name }) => !names.includes(name)) };
}

/** With one attribute in place of all those of the given names, at the place of the first one or at the end. */
export function replaceAttributes<S extends Section>(section: S, names: readonly string[], by: Attribute): S {
  const first = section.attributes.findIndex(({ name }) => names.includes(name));
  if (first < 0) return addAttribute(section, by.name, by.value);
  const attributes = section.attributes.flatMap((attribute, i) => {
    if (i === first) return by;
    return names.includes(attribute.name) ? [] : attribute;
  });
  return { ...section, attributes };
}

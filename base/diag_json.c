/* SPDX-License-Identifier: MIT */
/* Messages for programs: JSON lines and SARIF 2.1.0. Both count columns in code points, from 1; JSON adds byte offsets. */
#include "base/diag.h"
#include "base/utf8.h"

static const char *level(enum diag_severity s)
{
    return s == DIAG_ERROR ? "error" : "warning";
}

/* The end of a span is the place behind its last character. */
static struct place end_of(const struct sources *s, struct span span)
{
    const struct source *f = source_of(s, span.from);
    uint32_t end = span.to > span.from ? span.to : span.from;
    if (f != NULL && end > f->base + f->n) { end = f->base + f->n; }
    return source_place(s, end);
}

/* ---- JSON lines ---- */

/* {"file":…,"from":{…},"to":{…}}, or null for no place. */
static void json_span(struct sb *out, const struct sources *s, struct span span)
{
    struct place from = source_place(s, span.from), to = end_of(s, span);
    if (from.file == NULL) {
        sb_puts(out, "null");
        return;
    }
    sb_puts(out, "{\"file\":");
    sb_json_string(out, from.file->name);
    sb_printf(out, ",\"from\":{\"line\":%u,\"column\":%u,\"byte\":%u}", from.line, from.column, span.from - from.file->base);
    sb_printf(out, ",\"to\":{\"line\":%u,\"column\":%u,\"byte\":%u}}", to.line, to.column,
              source_line_start(to.file, to.line) - to.file->base + to.byte);
}

static void json_parts(struct sb *out, const struct diag *m, const struct sources *s, enum diag_part_kind kind)
{
    bool any = false;
    sb_char(out, '[');
    for (const struct diag_part *p = m->parts; p != NULL; p = p->next) {
        if (p->kind != kind) { continue; }
        if (any) { sb_char(out, ','); }
        any = true;
        if (kind == DIAG_NOTE || kind == DIAG_HELP) {
            sb_json_string(out, p->text);
            continue;
        }
        sb_puts(out, "{\"span\":");
        json_span(out, s, p->span);
        sb_puts(out, kind == DIAG_FIX ? ",\"replacement\":" : ",\"text\":");
        sb_json_string(out, p->text);
        sb_char(out, '}');
    }
    sb_char(out, ']');
}

void diag_json_one(struct sb *out, const struct diag *m, const struct sources *s)
{
    const struct diag_info *info = diag_info(m->code);
    sb_printf(out, "{\"code\":\"%s\",\"slug\":\"%s\",\"severity\":\"%s\",\"message\":", info->code, info->slug,
              level(m->severity));
    sb_json_string(out, m->headline);
    sb_puts(out, ",\"span\":");
    json_span(out, s, m->span);
    static const struct { const char *name; enum diag_part_kind kind; } list[] = {
        { "labels", DIAG_LABEL }, { "notes", DIAG_NOTE }, { "help", DIAG_HELP }, { "fixes", DIAG_FIX },
    };
    for (size_t i = 0; i < countof(list); i++) {
        sb_printf(out, ",\"%s\":", list[i].name);
        json_parts(out, m, s, list[i].kind);
    }
    sb_puts(out, "}\n");
}

void diag_json(struct sb *out, struct diags *d)
{
    size_t count;
    const struct diag *const *list = diags_sorted(d, &count);
    for (size_t i = 0; i < count; i++) { diag_json_one(out, list[i], diags_sources(d)); }
}

/* ---- SARIF ---- */

/* A path as a relative or absolute URI reference; everything but unreserved characters and `/` in hex. A colon in the
 * first segment would read as a scheme, so it is in hex too. */
static void uri(struct sb *out, struct str path)
{
    sb_char(out, '"');
    if (str_starts(path, STR("/"))) { sb_puts(out, "file://"); }
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                     c == '_' || c == '~' || c == '/';
        if (plain) { sb_char(out, c); } else { sb_printf(out, "%%%02X", (unsigned)(unsigned char)c); }
    }
    sb_char(out, '"');
}

static void region(struct sb *out, const struct sources *s, struct span span)
{
    struct place from = source_place(s, span.from), to = end_of(s, span);
    sb_printf(out, "{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,\"endColumn\":%u}", from.line, from.column, to.line,
              to.column);
}

static void artifact(struct sb *out, const struct source *f)
{
    sb_puts(out, "{\"uri\":");
    uri(out, f->name);
    sb_char(out, '}');
}

static void location(struct sb *out, const struct sources *s, struct span span, struct str text)
{
    sb_puts(out, "{\"physicalLocation\":{\"artifactLocation\":");
    artifact(out, source_of(s, span.from));
    sb_puts(out, ",\"region\":");
    region(out, s, span);
    sb_char(out, '}');
    if (text.n > 0) {
        sb_puts(out, ",\"message\":{\"text\":");
        sb_json_string(out, text);
        sb_char(out, '}');
    }
    sb_char(out, '}');
}

/* Notes and help have no place of their own in SARIF; they belong to the message's text. */
static void whole_text(struct sb *out, const struct diag *m)
{
    struct sb text = { .arena = out->arena };
    sb_put(&text, m->headline);
    for (const struct diag_part *p = m->parts; p != NULL; p = p->next) {
        if (p->kind == DIAG_NOTE || p->kind == DIAG_HELP) {
            sb_puts(&text, p->kind == DIAG_NOTE ? "\nnote: " : "\nhelp: ");
            sb_put(&text, p->text);
        }
    }
    sb_json_string(out, sb_str(&text));
    sb_free(&text);
}

static void related(struct sb *out, const struct diag *m, const struct sources *s)
{
    bool any = false;
    for (const struct diag_part *p = m->parts; p != NULL; p = p->next) {
        if (p->kind != DIAG_LABEL || source_of(s, p->span.from) == NULL) { continue; }
        sb_puts(out, any ? "," : ",\"relatedLocations\":[");
        any = true;
        location(out, s, p->span, p->text);
    }
    if (any) { sb_char(out, ']'); }
}

static void fixes(struct sb *out, const struct diag *m, const struct sources *s)
{
    bool any = false;
    for (const struct diag_part *p = m->parts; p != NULL; p = p->next) {
        const struct source *f = p->kind == DIAG_FIX ? source_of(s, p->span.from) : NULL;
        if (f == NULL) { continue; }
        sb_puts(out, any ? "," : ",\"fixes\":[");
        any = true;
        sb_puts(out, "{\"artifactChanges\":[{\"artifactLocation\":");
        artifact(out, f);
        sb_puts(out, ",\"replacements\":[{\"deletedRegion\":");
        region(out, s, p->span);
        sb_puts(out, ",\"insertedContent\":{\"text\":");
        sb_json_string(out, p->text);
        sb_puts(out, "}}]}]}");
    }
    if (any) { sb_char(out, ']'); }
}

void diag_sarif(struct sb *out, struct diags *d, const char *program_version)
{
    const struct sources *s = diags_sources(d);
    sb_puts(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{"
                 "\"tool\":{\"driver\":{\"name\":\"msa\",\"version\":");
    sb_json_string(out, str_of(program_version));
    sb_puts(out, ",\"rules\":[");
    for (enum diag_code c = 0; c < DIAG_COUNT; c++) {
        const struct diag_info *info = diag_info(c);
        sb_printf(out, "%s{\"id\":\"%s\",\"name\":\"%s\",\"shortDescription\":{\"text\":", c > 0 ? "," : "", info->code,
                  info->slug);
        sb_json_string(out, str_of(info->title));
        sb_printf(out, "},\"defaultConfiguration\":{\"level\":\"%s\"}}", level(info->severity));
    }
    sb_puts(out, "]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[");
    size_t count;
    const struct diag *const *list = diags_sorted(d, &count);
    for (size_t i = 0; i < count; i++) {
        const struct diag *m = list[i];
        sb_printf(out, "%s\n{\"ruleId\":\"%s\",\"ruleIndex\":%u,\"level\":\"%s\",\"message\":{\"text\":", i > 0 ? "," : "",
                  diag_info(m->code)->code, (unsigned)m->code, level(m->severity));
        whole_text(out, m);
        sb_char(out, '}');
        if (source_of(s, m->span.from) != NULL) {
            sb_puts(out, ",\"locations\":[");
            location(out, s, m->span, STR(""));
            sb_char(out, ']');
        }
        related(out, m, s);
        fixes(out, m, s);
        sb_char(out, '}');
    }
    sb_puts(out, "]}]}\n");
}

/* SPDX-License-Identifier: MIT */
/* What the commands about money share: the results of a run, kept to its end, and amounts and days as text. */
#ifndef MSA_CLI_MONEY_H
#define MSA_CLI_MONEY_H
#include "base/vec.h"
#include "cli/cli.h"
#include "cli/fields.h"

/* Results about money as they came; their texts live as long as the books. */
struct books {
    struct agreement agreement;
    struct field_context fields;
    struct arena arena;
    struct msa_run *run;
    VEC(struct msa_result) all;
    /* Called for each result inside the sink, before it is kept; NULL: not. */
    void (*seen)(void *ctx, struct books *b, const struct msa_result *r);
    void *ctx;
    bool colour;
    bool no_events;              /* time passes to as_of without any */
    int64_t as_of;               /* the instant judged at; MSA_NONE: there were no events */
    uint64_t rejects;
};
/* Opens the agreement, judges the events of the command line and keeps what is about money. The options for the run may be
 * changed by `change` before. An exit status; on one other than 0 a message has been printed. books_close in any case. */
int books_open(struct books *b, const struct options *o, bool (*change)(struct books *b, struct msa_options *ro));
void books_close(struct books *b);
/* What a command that printed all it had to say leaves with: rejected records are told on standard error. */
int books_status(const struct books *b);

/* fee, credit, discount, tax, interest, carried, settlement: of a correction what it corrects. */
const char *line_category(const struct books *b, const struct msa_result *line);
/* `Seats, 2026-03`; of things `Uptime of host H1, 2026-03`. */
void line_title(struct books *b, struct sb *out, const struct msa_result *line);
/* How a line came about, with a heading: only while the run gives it (books.seen). */
void explain_line(struct books *b, struct sb *out, const struct msa_result *line);
/* Does quantity times price give the amount, with decimals that end? Then they may stand beside it. */
bool line_multiplies(const struct msa_result *line);
/* `4,500.00` for readers, `4500.00` for programs. */
void amount_grouped(struct sb *b, int64_t minor, unsigned places);
void amount_plain(struct sb *b, int64_t minor, unsigned places);
/* 2026-03-06. */
void day_plain(struct sb *b, int32_t day);
/* Clause as results name it: its number, else its name. */
struct str clause_text(struct books *b, const struct msa_result *r);
/* `events.ndjson:4`; false: no record caused it. */
bool origin_text(struct sb *b, const struct msa_result *r);
/* ,"name":"text" and so on; nothing for what is absent. */
void json_text_member(struct sb *b, const char *name, struct str text);
void json_amount_member(struct sb *b, const char *name, int64_t minor, unsigned places);
void json_day_member(struct sb *b, const char *name, int32_t day);

/* A date of the command line; NULL or what is wrong. */
const char *read_day(const char *text, int32_t *day);
/* One cell of a CSV file: quoted where it must be. */
void csv_cell(struct sb *b, struct str s, bool first);

static inline bool str_is(struct msa_text t, const char *word) { return str_eq(text_str(t), str_of(word)); }

/* ---- money_rows.c ---- */
struct row { struct str cell[5]; bool heading, note; }; /* clause, text, quantity, price, amount */
typedef VEC(struct row) rows;
/* What was written, in the books' arena; the buffer is empty again. */
struct str rows_text(struct books *b, struct sb *s);
struct str line_section(const struct books *b, const struct msa_result *r);
/* A line with what is to be said about it; a sum or another amount. */
void rows_line(struct books *b, rows *out, const struct msa_result *r);
/* How an account stands: `Prepaid hours: 4 h left`, and what came in and went out. */
void rows_account(struct books *b, rows *out, const struct msa_result *r);
void rows_sum(struct books *b, rows *out, const char *text, int64_t minor, unsigned places);
void rows_print(struct books *b, struct sb *out, const rows *r);

/* ---- cmd_dates.c ---- */
void ics_line(struct sb *out, const char *name, struct str value);
void ics_text(struct sb *b, struct str s);

/* ---- cmd_invoice.c, invoice_csv.c ---- */
struct bill {
    const struct msa_result *invoice;    /* NULL: what is not billed yet */
    struct str name, number;
    VEC(const struct msa_result *) lines;
    VEC(const struct msa_result *) payments;
    VEC(const struct msa_result *) accounts; /* how they stand beside it */
    int64_t subtotal, credits, tax, interest, total, paid, open;
    unsigned places;
    struct str currency;
    bool overdue;
};
typedef VEC(struct bill) bills;
/* Invoices in order of issue, at last what is not billed yet, if anything. In the books' arena. */
void bills_of(struct books *b, bills *out);
enum invoice_layout { LAYOUT_CSV, LAYOUT_XERO, LAYOUT_QUICKBOOKS };
void invoice_csv_heading(struct sb *out, enum invoice_layout layout);
struct invoice_codes { struct str customer, account, tax_type, item; };
void invoice_csv(struct books *b, struct sb *out, const struct bill *v, enum invoice_layout layout, const struct invoice_codes *codes);
#endif

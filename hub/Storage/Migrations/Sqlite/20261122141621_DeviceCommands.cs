using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThreeClassrooms.Hub.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DeviceCommands : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "DeviceCommands",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Value = table.Column<int>(type: "INTEGER", nullable: true),
                    Text = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Together = table.Column<Guid>(type: "TEXT", nullable: true),
                    AskedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    AskedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    AskedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ResultBy = table.Column<DateTime>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    SentAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    AckedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    FinishedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    BootBefore = table.Column<Guid>(type: "TEXT", nullable: true),
                    AgentBefore = table.Column<Guid>(type: "TEXT", nullable: true),
                    PartsSeen = table.Column<int>(type: "INTEGER", nullable: true),
                    Findings = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceCommands", x => x.Id);
                    table.CheckConstraint("CK_DeviceCommands_Open", "(\"State\" IN ('Queued', 'Sent', 'Acked')) = (\"FinishedAt\" IS NULL)");
                    table.CheckConstraint("CK_DeviceCommands_Times", "\"AskedAt\" < \"ExpiresAt\" AND \"ExpiresAt\" < \"ResultBy\"");
                    table.ForeignKey(
                        name: "FK_DeviceCommands_Devices_DeviceId",
                        column: x => x.DeviceId,
                        principalTable: "Devices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "PictureAgreements",
                columns: table => new
                {
                    ClassroomId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AgreedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    AgreedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    AgreedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PictureAgreements", x => x.ClassroomId);
                    table.ForeignKey(
                        name: "FK_PictureAgreements_Classrooms_ClassroomId",
                        column: x => x.ClassroomId,
                        principalTable: "Classrooms",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DeviceCommandFiles",
                columns: table => new
                {
                    CommandId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    KeepUntil = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Bytes = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceCommandFiles", x => x.CommandId);
                    table.CheckConstraint("CK_DeviceCommandFiles_Kept", "\"KeepUntil\" > \"At\" AND \"Bytes\" > 0");
                    table.ForeignKey(
                        name: "FK_DeviceCommandFiles_DeviceCommands_CommandId",
                        column: x => x.CommandId,
                        principalTable: "DeviceCommands",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_DeviceCommandFiles_KeepUntil",
                table: "DeviceCommandFiles",
                column: "KeepUntil");

            migrationBuilder.CreateIndex(
                name: "IX_DeviceCommands_DeviceId_AskedAt",
                table: "DeviceCommands",
                columns: new[] { "DeviceId", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_DeviceCommands_DeviceId_Kind",
                table: "DeviceCommands",
                columns: new[] { "DeviceId", "Kind" },
                unique: true,
                filter: "\"FinishedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_DeviceCommands_Together",
                table: "DeviceCommands",
                column: "Together");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DeviceCommandFiles");

            migrationBuilder.DropTable(
                name: "PictureAgreements");

            migrationBuilder.DropTable(
                name: "DeviceCommands");
        }
    }
}
